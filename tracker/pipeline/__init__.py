"""What the machine does, step by step: each step fetches what a stage needs, and stores what comes back."""
