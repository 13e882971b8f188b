"""Airflow: the report pages of every dataset whose input has changed, every night.

For Airflow 3. In Airflow 2 the two imports are ``from airflow import DAG`` and
``from airflow.operators.bash import BashOperator``.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="improvement_analysis_report",
    schedule="30 2 * * *",
    start_date=pendulum.datetime(2018, 2, 7, tz="Europe/London"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
):
    # Any exit status but 0 fails the task: 3 is data that cannot be read, 4 a page that could not be made.
    BashOperator(
        task_id="report",
        cwd="/srv/improvement-analysis",
        bash_command=".venv/bin/improvement-analysis report --all --if-changed --quiet --output $PAGES",
        env={"PAGES": "/var/lib/improvement-analysis"},
        append_env=True,
        retries=1,
        retry_delay=timedelta(minutes=10),
    )
