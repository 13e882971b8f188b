"""Roles of people: who graded, who sees to an action. No person is named."""

from __future__ import annotations

import re
from collections.abc import Callable

from improvement_analysis.about import About
from improvement_analysis.sources.recognition.cells import name_reader
from improvement_analysis.sources.recognition.raw_table import Reading
from improvement_analysis.vocabulary import Vocabulary, clean, fold

__all__ = ["role_of", "role_reader"]

#: Words by which a text is known for a role, beside those that every source may use.
_FURTHER_ROLES = (
    "administrator advanced assistant board business chair champion children's commissioner consultant "
    "coordinator council deputy group head hub independent lecturer nurse officer partnership performance "
    "police practitioner principal quality reviewing safeguarding school senior service social staff "
    "supervisor trainer worker workforce assurance services teams"
)

_PERSON = re.compile(r"\b(mr|mrs|ms|miss|dr|prof)\b\.?|\b[a-z]\.", re.IGNORECASE)

_ROLES = frozenset(
    [
        "grader",
        "manager",
        "lead",
        "leader",
        "head",
        "reviewer",
        "moderator",
        "assessor",
        "auditor",
        "peer",
        "partner",
        "host",
        "authority",
        "director",
        "principal",
        "officer",
        "first",
        "second",
        "third",
        "own",
        "visiting",
        "external",
        "internal",
        "team",
        "practice",
        "service",
        "area",
        "joint",
        "agreed",
        "consensus",
        "both",
        "moderated",
        "moderation",
        "panel",
        "self",
    ]
)

#: Councils with children's services, as a grader may be called after them: *Essex*, *North Yorkshire*.
_COUNCILS = frozenset(
    fold(
        "Barking Dagenham Barnet Barnsley Bath Somerset Bedford Bedfordshire Bexley Birmingham Blackburn "
        "Darwen Blackpool Bolton Bournemouth Poole Christchurch Bracknell Forest Bradford Brent Brighton "
        "Hove Bristol Bromley Buckinghamshire Bury Calderdale Cambridgeshire Camden Cheshire Cornwall "
        "Coventry Croydon Cumberland Darlington Derby Derbyshire Devon Doncaster Dorset Dudley Durham "
        "Ealing Essex Enfield Gateshead Gloucestershire Greenwich Hackney Halton Hammersmith Fulham "
        "Hampshire Haringey Harrow Hartlepool Havering Herefordshire Hertfordshire Hillingdon Hounslow "
        "Hull Humberside Islington Kensington Chelsea Kent Kingston Kirklees Knowsley Lambeth Lancashire "
        "Leeds Leicester Leicestershire Lewisham Lincolnshire Liverpool Luton Manchester Medway Merton "
        "Middlesbrough Milton Keynes Newcastle Newham Norfolk Northamptonshire Northumberland Nottingham "
        "Nottinghamshire Oldham Oxfordshire Peterborough Plymouth Portsmouth Reading Redbridge Redcar "
        "Cleveland Richmond Rochdale Rotherham Rutland Salford Sandwell Sefton Sheffield Shropshire "
        "Slough Solihull Southampton Southend Southwark Staffordshire Stockport Stockton Stoke Suffolk "
        "Sunderland Surrey Sussex Sutton Swindon Tameside Telford Wrekin Thurrock Torbay Tower Hamlets "
        "Trafford Tyneside Wakefield Walsall Waltham Wandsworth Warrington Warwickshire Westminster "
        "Westmorland Furness Wight Wigan Wiltshire Windsor Maidenhead Wirral Wokingham Wolverhampton "
        "Worcestershire York Yorkshire north south east west central county city and of the upon"
    ).split()
)

#: One word in small letters, or the first letters of a role: *moderated*, *IRO*.
_NO_NAME = re.compile(r"[a-z]+|[A-Z]{2,5}s?")


def role_of(about: About) -> Callable[[str], Reading[str]]:
    """A reader of cells that hold roles: of graders, or of whoever sees to an action."""
    return role_reader(f"{about.authority or ''} {_FURTHER_ROLES}")


def role_reader(authorities: str) -> Callable[[str], Reading[str]]:
    """A reader of cells that say who graded: a role, such as *Essex manager* or *second grader*, or nothing.

    A role is free text that names no person: one with a word known for roles, a council, one word in small
    letters, or letters that stand for a role. What may be a person's name is refused and not repeated. The
    words of *authorities* are taken for roles.
    """
    roles = _ROLES | set(fold(authorities).split())

    def read(text: str) -> Reading[str]:
        role = clean(text)
        if not role:
            return Reading()
        words = re.findall(r"\w+", role.casefold())
        known = any(word.removesuffix("s") in roles or word.isdigit() for word in words)
        known = known or _NO_NAME.fullmatch(role) is not None or _COUNCILS.issuperset(words)
        if len(role) <= 2 or (known and not _PERSON.search(role)):
            return name_reader("role", Vocabulary("role"))(text)
        said = ("what may be a person's name", "a role, such as 'Essex manager' or 'second grader'")
        return Reading(None, *said, "write the role; no names are kept")

    return read
