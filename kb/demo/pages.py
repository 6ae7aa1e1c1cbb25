"""All the pages of the demo town, parents before children."""

from kb.demo import finance, projects, projects_school, shelves, sittings, technical, town_services
from kb.demo.when import When
from kb.demo.writing import Sheet

SUBJECTS = (shelves, projects_school, projects, technical, finance, town_services, sittings)


def sheets(when: When) -> list[Sheet]:
    """Every page, as it is written."""
    return [sheet for subject in SUBJECTS for sheet in subject.sheets(when)]
