from django.db import migrations

from tracker.search.operations import CreateSearchIndex


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]

    operations = [CreateSearchIndex()]
