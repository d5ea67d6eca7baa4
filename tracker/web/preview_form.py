"""The form under a preview: which source the endpoint belongs to, or what is known of a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django import forms

from tracker.curation.sources import EndpointDraft, SourceDraft
from tracker.models import Source

if TYPE_CHECKING:
    from django.forms import BoundField

NEW = "new"
TIERS = (
    (1, "1: primary documents"),
    (2, "2: independent reporting"),
    (3, "3: interested party, or second hand"),
    (4, "4: leads only"),
)
RHYTHMS = (
    (900, "every 15 minutes"),
    (1800, "every 30 minutes"),
    (3600, "every hour"),
    (21_600, "every 6 hours"),
    (86_400, "once a day"),
)
_OF_SOURCE = (
    "name",
    "category",
    "country",
    "tier",
    "language",
    "declared_interest",
    "is_state_media",
    "terms_note",
)


class SaveForm(forms.Form):
    """Takes a known source, or the facts of a new one, and how often to ask.

    Args:
        data: what was posted.
        like: known sources of the same domain; they are offered first.
        guess: what the address tells of a new one.
    """

    owner = forms.ChoiceField(label="Whose is it?", widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name", max_length=200, required=False, help_text="The publisher, as readers know it."
    )
    category = forms.ChoiceField(label="Kind of publisher", choices=Source.Category.choices)
    tier = forms.TypedChoiceField(
        label="Tier", choices=TIERS, coerce=int, help_text="How close to the facts it usually is."
    )
    country = forms.RegexField(
        label="Country",
        regex=r"(?i)\A[a-z]{2,3}\Z",
        required=False,
        help_text="Two letters, as US or CN; EU and INT for bodies of many.",
        error_messages={"invalid": "Write the two letters of the country, as US, CN or DE, or EU, or INT."},
    )
    language = forms.RegexField(
        label="Language",
        regex=r"(?i)\A[a-z]{2,3}(-[a-z0-9]{2,8})?\Z",
        required=False,
        help_text="Two letters, as en or zh.",
        error_messages={"invalid": "Write the letters of the language, as en, zh or pt-br."},
    )
    declared_interest = forms.CharField(
        label="Interest in the subject",
        max_length=300,
        required=False,
        help_text="Whose side it may be on: it makes models itself, or is owned by somebody who does.",
    )
    is_state_media = forms.BooleanField(label="State media", required=False)
    terms_note = forms.CharField(
        label="Terms",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What its terms of use say about collecting.",
    )
    endpoint_name = forms.CharField(
        label="What this address lists",
        max_length=200,
        required=False,
        help_text="Only where a source has several, as: press releases.",
    )
    every_s = forms.TypedChoiceField(label="How often", choices=RHYTHMS, coerce=int, initial=1800)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, like: Sequence[Source], guess: SourceDraft
    ) -> None:
        initial = {name: value for name, value in asdict(guess).items() if name in _OF_SOURCE}
        super().__init__(data, initial=initial | {"owner": str(like[0].pk) if like else NEW}, prefix="s")
        self._guess = guess
        self._like = {str(source.pk): source for source in like}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101 - declared above
        owner.choices = [*((pk, source.name) for pk, source in self._like.items()), (NEW, "A new source")]
        owner.required = bool(like)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.Textarea | forms.Select):
                field.widget.attrs["class"] = "c-input"

    @property
    def has_known_sources(self) -> bool:
        """Whether there is a choice of owner."""
        return bool(self._like)

    def of_source(self) -> list[BoundField]:
        """Return the fields of a new source, the checkbox apart."""
        return [self[name] for name in _OF_SOURCE if name != "is_state_media"]

    def of_endpoint(self) -> list[BoundField]:
        """Return the fields of the endpoint."""
        return [self["every_s"], self["endpoint_name"]]

    def clean(self) -> dict[str, Any]:
        """A new source needs a name."""
        cleaned = super().clean() or self.cleaned_data
        is_new = (cleaned.get("owner") or NEW) == NEW
        if is_new and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", "Give the publisher's name.")
        return cleaned

    def start_at_error(self) -> None:
        """Have the browser go to the first field that is wrong, wherever it stands on the page."""
        wrong = next((name for name in self.fields if name in self.errors), "")
        if wrong:
            self.fields[wrong].widget.attrs["autofocus"] = True

    def source(self) -> Source | SourceDraft:
        """Return the known source that was chosen, or the facts of the new one."""
        chosen = self._like.get(self.cleaned_data.get("owner") or NEW)
        if chosen is not None:
            return chosen
        facts = {name: self.cleaned_data[name] for name in _OF_SOURCE}
        facts["country"] = facts["country"].upper()
        facts["language"] = facts["language"].lower()
        return replace(self._guess, **facts)

    def endpoint(self, draft: EndpointDraft) -> EndpointDraft:
        """Return the draft with what the form says of it."""
        cleaned = self.cleaned_data
        return replace(draft, name=cleaned["endpoint_name"], every_s=cleaned["every_s"])
