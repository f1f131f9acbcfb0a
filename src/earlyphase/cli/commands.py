"""Every command of `earlyphase`, with the module that holds it and its one-line help.

A module is imported only when its command is called, so that `earlyphase --help` answers at once. Each module holds one
function of the name `command`; its docstring is the command's long help and ends in an example.
"""

from typing import NamedTuple


class Command(NamedTuple):
    """One command: where it lives and what the list of commands says of it."""

    module: str
    help: str


class Group(NamedTuple):
    """Commands that share their first word."""

    help: str
    commands: dict[str, Command]


COMMANDS: dict[str, Command | Group] = {
    "demo": Command("earlyphase.cli.demo", "A simulated study, from its registry record to its report and its board."),
    "record": Group(
        "Read, check, import and search registry records.",
        {
            "show": Command("earlyphase.cli.record_show", "A record as a page: all that it says, as it says it."),
            "check": Command("earlyphase.cli.record_check", "What is wrong with a record, where, and what to do."),
            "import": Command("earlyphase.cli.record_import", "Take records into the database: every version, once."),
            "search": Command("earlyphase.cli.record_search", "Find records by words, phase, status and place."),
            "versions": Command("earlyphase.cli.record_versions", "The versions of a record, and what changed."),
        },
    ),
    "screen": Command("earlyphase.cli.screen", "Who is eligible, why not, and what is still needed to know."),
    "study": Group(
        "Plan, run and report a study.",
        {
            "check": Command("earlyphase.cli.study_check", "What a protocol assumes, contradicts, leaves undecided."),
            "compare": Command(
                "earlyphase.cli.study_compare", "Which criteria differ by meaning, and whom it touches."
            ),
            "schema": Command("earlyphase.cli.study_schema", "The JSON Schema of a study's files, for editors."),
            "truth": Command("earlyphase.cli.study_truth", "The truth that virtual participants are drawn from."),
            "simulate": Command("earlyphase.cli.study_simulate", "A whole study in simulated time, as a journal."),
            "record": Command("earlyphase.cli.study_record", "Record what happened: a line of JSON for each command."),
            "status": Command("earlyphase.cli.study_status", "Where a study stands: slots, windows, what is due."),
            "dlt": Command("earlyphase.cli.study_dlt", "What each DLT window shows, and what reviewers found."),
            "clocks": Command("earlyphase.cli.study_clocks", "Which expedited reports are due, to whom, until when."),
            "packet": Command("earlyphase.cli.study_packet", "The packet of a safety review, with a page to sign."),
            "report": Command("earlyphase.cli.study_report", "Tables and figures at a cut-off: a page and a document."),
            "tables": Command("earlyphase.cli.study_tables", "Every table and figure as files, in every format."),
            "verify": Command("earlyphase.cli.study_verify", "Whether a journal is whole, and as it was signed."),
        },
    ),
    "journal": Group(
        "Move a study's journal between a file and the database.",
        {
            "import": Command("earlyphase.cli.journal_import", "From a file into the database, hashes unchanged."),
            "export": Command("earlyphase.cli.journal_export", "From the database to a file, hashes unchanged."),
        },
    ),
    "design": Group(
        "Choose a dose-escalation design, and use it.",
        {
            "list": Command("earlyphase.cli.design_list", "Every design, and the options that it takes."),
            "table": Command("earlyphase.cli.design_table", "The decision table of a count-driven design."),
            "oc": Command("earlyphase.cli.design_oc", "Operating characteristics, exact where counts decide."),
            "next": Command("earlyphase.cli.design_next", "Which dose comes next, and why."),
            "paths": Command("earlyphase.cli.design_paths", "What each result of the next cohorts leads to."),
            "compare": Command("earlyphase.cli.design_compare", "Designs side by side, over the same true curves."),
            "report": Command("earlyphase.cli.design_report", "What a study's rule means, and what its size buys."),
            "conformance": Command("earlyphase.cli.design_conformance", "How the designs agree with other software."),
        },
    ),
    "analyse": Group(
        "Estimate survival, incidence and response from a file or from counts.",
        {
            "km": Command("earlyphase.cli.analyse_km", "Survival by Kaplan–Meier, with medians and landmarks."),
            "cif": Command("earlyphase.cli.analyse_cif", "Cumulative incidence where events compete."),
            "log-rank": Command("earlyphase.cli.analyse_log_rank", "Whether groups differ in the rate of an event."),
            "orr": Command("earlyphase.cli.analyse_orr", "A response rate with its interval."),
            "stopping": Command("earlyphase.cli.analyse_stopping", "When a rule stops a study, and how often."),
        },
    ),
    "grade": Group(
        "Grade laboratory values, cytokine release syndrome, ICANS and ICAHT.",
        {
            "lab": Command("earlyphase.cli.grade_lab", "The grade of a laboratory value or vital sign."),
            "crs": Command("earlyphase.cli.grade_crs", "The ASTCT grade of cytokine release syndrome."),
            "icans": Command("earlyphase.cli.grade_icans", "The ASTCT grade of neurotoxicity."),
            "icaht": Command("earlyphase.cli.grade_icaht", "The EHA/EBMT grade of haematotoxicity."),
            "terms": Command("earlyphase.cli.grade_terms", "Which terms there are, and which grades they have."),
        },
    ),
    "serve": Command("earlyphase.cli.serve", "The web application, where a study team works."),
    "init": Command("earlyphase.cli.init", "Set up a site: secret key, database, first person."),
    "person": Group(
        "Who can log in to the site.",
        {
            "add": Command("earlyphase.cli.person_add", "Make a person, with a role in a study."),
            "grant": Command("earlyphase.cli.person_grant", "Give somebody a role in another study, or another role."),
            "reset": Command("earlyphase.cli.person_reset", "Issue a first password to somebody who cannot log in."),
            "deactivate": Command("earlyphase.cli.person_deactivate", "Let a person do nothing more, at once."),
        },
    ),
    "site": Group(
        "What the site is made of.",
        {
            "routes": Command("earlyphase.cli.site_routes", "Every address of the site, and who may reach it."),
        },
    ),
    "token": Group(
        "What programs show to act for a person.",
        {
            "add": Command("earlyphase.cli.token_add", "Make a token for a person in a study; it is shown once."),
            "revoke": Command("earlyphase.cli.token_revoke", "End a token at once."),
            "list": Command("earlyphase.cli.token_list", "Every token, whose it is, and whether it works."),
        },
    ),
    "backup": Command("earlyphase.cli.backup", "Everything that the site holds, in one file that can be checked."),
    "restore": Command("earlyphase.cli.restore", "Check a backup, or put it into an empty database, verified."),
    "dictionary": Group(
        "Use your own copies of CTCAE and MedDRA.",
        {
            "load": Command("earlyphase.cli.dictionary_load", "Keep your own copy of a dictionary on this machine."),
        },
    ),
}
