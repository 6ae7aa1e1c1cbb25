"""The ground floor: pages, documents and the rights of people. It knows nobody above."""
