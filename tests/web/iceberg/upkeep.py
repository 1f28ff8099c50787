"""Compacts the dataset and cleans the disk, over and over, until the file named first is there.

`python -m tests.web.iceberg.upkeep STOP`
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

GRACE = timedelta(seconds=45)  # longer than any query of the test takes on a busy machine


def main(stop):
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["DOOR_DATABASE"]
    django.setup()
    from vamco.warehouse import cleaning, compaction
    from vamco.warehouse.iceberg import cleaning as iceberg_cleaning

    while not Path(stop).exists():
        compaction.compact("health.cases")
        cleaning.clean(grace=GRACE)
        iceberg_cleaning.clean(grace=GRACE)


if __name__ == "__main__":
    main(sys.argv[1])
