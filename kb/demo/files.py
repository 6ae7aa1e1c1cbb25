"""All the documents of the demo town."""

from kb.demo.papers_school import SCHOOL
from kb.demo.papers_town import TOWN_PAPERS

PAPERS = (*SCHOOL, *TOWN_PAPERS)
