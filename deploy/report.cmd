@echo off
rem For the Windows Task Scheduler: makes the pages of every dataset under data\raw whose input has changed.
rem The task's result is the command's exit status; what it has to say is added to reports\scheduled.log.
cd /d "%~dp0.." || exit /b 2
if not exist reports mkdir reports
.venv\Scripts\improvement-analysis.exe report --all --if-changed --quiet --output reports >> reports\scheduled.log 2>&1
exit /b %ERRORLEVEL%
