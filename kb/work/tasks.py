"""The bell: a django_tasks task that carries only the id of a job."""

from django_tasks import task

from kb.work import operations


@task()
def do_job(job_id: int) -> None:
    """Does the job; a bell rung twice does it once."""
    operations.run(job_id)
