"""What a rulebook's own words mean, for people who do not write rulebooks."""

from collections.abc import Mapping
from typing import Final

_MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "dispatch.leader_gate": {
        "all": "全部先送领导阅批",
        "flagged": "有标记的先送领导阅批",
        "none": "收到即派，不经领导",
    },
    "deadline.start": {
        "accepted": "自受理起算",
        "assigned": "自交办起算",
        "unit_received": "自承办单位收到起算",
    },
    "extension.cap_counts": {"total": "总时限", "added": "增加的时限"},
    "overdue.actions": {
        "written_supervision": "书面督办",
        "explain_to_assigner": "向交办者说明",
        "explain_to_complainant": "向诉求人说明",
        "tell_leader": "报告领导",
    },
    "urge.form": {"slip": "催办单", "message": "催办消息", "none": "不催办"},
    "repeat.policy": {"special": "列为重点", "tell_result": "告知结果，不再派单", "link": "关联原件"},
    "emergency.policy": {
        "report_first": "先报主要领导",
        "transfer": "立即转紧急热线",
        "verify_and_handle": "立即核实处置",
        "report_at_once": "立即报告",
    },
    "multi_unit.policy": {
        "submit": "呈报领导",
        "lead_by_main_problem": "按主要问题定牵头单位",
        "duty_room_designates": "由值班室指定牵头单位",
        "catalogue": "按派单目录",
        "by_subject": "归口办理",
    },
    "dispute.policy": {
        "ask_leader": "请示领导",
        "joint_study": "共同研究",
        "submit": "呈报领导",
        "none": "未规定",
    },
    "accusation.route": {
        "superior_head": "上级机关主要负责人",
        "one_level_up": "上一级",
        "discipline_channel": "纪检监察渠道",
        "named_unit": "本机构指定的单位",
    },
    "accusation.override": {"none": "不得例外", "organisation_approval": "经组织批准可例外"},
    "accusation.staff_override": {"none": "不得例外", "organisation_approval": "经组织批准可例外"},
    "confidential.default": {
        "everything": "全部内容",
        "marked": "诉求人要求保密的",
        "accusing": "检举控告材料",
        "privacy": "个人隐私",
        "informants": "举报人",
    },
    "anonymous.reply": {"if_reachable": "能联系即答复", "none": "不答复", "real_name_only": "只答复实名"},
    "excluded_channels.policy": {"point": "告知法定渠道", "handle": "由本机构办理"},
    "out_of_scope.policy": {
        "direct_and_contact": "指明去处并代为联系",
        "transfer": "转办",
        "inform": "告知",
        "tell_or_phone": "告知或电话联系",
        "none": "未规定",
    },
    "reply.owner": {"office": "本机构", "officer": "受理人员", "unit": "承办单位"},
    "reply.before_facts": {"block_allegations": "查清前不表态", "free": "可即时答复"},
    "passing.own_case": {"concluded": "转出即结", "kept_open": "转出后继续跟踪"},
    "letter.desk": {"window": "窗口", "office": "办公室"},
    "class3.match": {"any": "任一条件", "all": "全部条件"},
    "site_visit.media": {"may_join": "媒体可参加", "never": "媒体不参加"},
    "archive.rule": {"all": "全部归档", "by_decision": "逐件决定", "of_value": "有价值的归档"},
    "misuse.policy": {"persuade": "劝导", "report": "报告", "police": "通知公安", "limit": "限制"},
    "review.dissatisfied": {"review": "不满意即复核", "none": "不复核"},
    "terms.regularly": {
        "day": "每日",
        "week": "每周",
        "month": "每月",
        "quarter": "每季",
        "at_once": "随时",
    },
}


def meaning(key: str, word: str) -> str:
    """A word with what it means at this key, or the word alone."""
    parts = key.split(".")
    near = (".".join(parts[:length]) for length in range(len(parts), 1, -1))
    known = next((_MEANINGS[name] for name in near if name in _MEANINGS), {})
    return f"{known[word]} ({word})" if word in known else word
