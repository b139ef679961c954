"""Whether enough people have said yes to a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.errors import SendRefusedError
from newsletter.project import Project
from newsletter.sending import openpgp, ssh
from newsletter.sending.plan import Plan
from newsletter.sending.signature import BadSignatureError, Signature, Signer
from newsletter.sending.tag import check_tag


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who has approved a plan.

    Attributes:
        approvers: Their names, each once.
        rejected: Why other signatures do not count.
    """

    approvers: tuple[str, ...]
    rejected: tuple[str, ...]


def verdict(project: Project, plan: Plan, signatures: Sequence[Signature]) -> Verdict:
    """Who has approved a plan: different people, with different keys.

    Args:
        project: The newsletter, which says whose signatures count.
        plan: What was to be signed.
        signatures: What was found beside it.

    Raises:
        SendRefusedError: The list of signers is missing.
        NewsletterError: A program that checks signatures is not installed.
    """
    options, document = project.settings.approval, plan.dump()
    signers: list[Signer] = []
    rejected: list[str] = []
    for signature in signatures:
        try:
            if signature.name.endswith(".asc"):
                keyring = project.root / openpgp.KEYRING
                signer = openpgp.verify(document, signature.content, keyring)
            else:
                signers_file = project.root / options.signers
                signer = ssh.verify(document, signature.content, signers_file)
            if options.not_author:
                _not_the_author(plan, signer)
            _not_yet(signer, signers)
        except BadSignatureError as error:
            rejected.append(f"{signature.name}: {error.message}")
        else:
            signers.append(signer)
    return Verdict(tuple(signer.name for signer in signers), tuple(rejected))


def check_approval(project: Project, plan: Plan, signatures: Sequence[Signature]) -> Verdict:
    """Pass if enough people have approved a plan, and a tag is there if one is wanted.

    Raises:
        SendRefusedError: Too few have; says who has, and why other signatures do not count.
    """
    options = project.settings.approval
    found = verdict(project, plan, signatures if options.required else ())
    if len(found.approvers) < options.required:
        so_far = f" ({', '.join(found.approvers)})" if found.approvers else ""
        why = "".join(f"; {reason}" for reason in found.rejected)
        raise SendRefusedError(
            f"{len(found.approvers)} of {options.required} have approved {plan.file_name}"
            f"{so_far}{why}",
            "Whoever may approve does it with: newsletter approve PLAN",
        )
    check_issue_tag(project, plan.issue)
    return found


def check_issue_tag(project: Project, slug: str) -> None:
    """Pass if the project wants no tags, or a good one is there.

    Raises:
        SendRefusedError: It is not.
    """
    if project.settings.approval.tags:
        check_tag(project.root, slug, project.root / project.settings.approval.signers)


def no_approval_needed(project: Project, slug: str) -> None:
    """Pass if an issue may go out without a plan that others have signed.

    Raises:
        SendRefusedError: It may not.
    """
    if project.settings.approval.required:
        raise SendRefusedError(
            f"{slug} needs {project.settings.approval.required} approval"
            f"{'s' * (project.settings.approval.required != 1)} before it goes out",
            "Make a plan (newsletter send --plan), have it approved (newsletter approve PLAN), "
            "then: newsletter send --approved PLAN",
        )
    check_issue_tag(project, slug)


def _not_the_author(plan: Plan, signer: Signer) -> None:
    if not plan.author:
        raise BadSignatureError("the plan does not say who made it (git config user.email)")
    if signer.name.casefold() == plan.author.casefold():
        raise BadSignatureError(f"{signer.name} made the plan")


def _not_yet(signer: Signer, signers: Sequence[Signer]) -> None:
    for other in signers:
        if signer.name.casefold() == other.name.casefold():
            raise BadSignatureError(f"{signer.name} has signed already")
        if signer.key == other.key:
            raise BadSignatureError(f"its key is that of {other.name}, who has signed already")
