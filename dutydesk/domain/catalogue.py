"""The table of contents: every kind of stream, and the book that holds its rules."""

from dutydesk.domain import (
    calendars,
    check_rounds,
    check_rules,
    checkin_rules,
    circular_rules,
    delivery_rules,
    desks,
    dispatch_rules,
    downward_rules,
    drills,
    faults,
    frames,
    handover_rules,
    holiday_roster_rules,
    incident_rules,
    instruction_rules,
    inward_rules,
    leave_rules,
    linetests,
    message_rules,
    obligation_rules,
    page_rules,
    pair_rounds,
    pair_rules,
    pairing_rules,
    peers,
    period_rules,
    plan_rules,
    policies,
    proofs,
    roster_rules,
    submission_rules,
    tallies,
    users,
    uses,
    verification_rules,
    watch_rules,
)
from dutydesk.domain.verbs import Book

catalogue: dict[str, Book] = {
    book.kind: book
    for book in (
        message_rules.book,  # 来报: what arrives
        incident_rules.book,  # 事件: what happened
        page_rules.book,  # 呼叫: a demand to acknowledge
        delivery_rules.book,  # one outgoing message
        obligation_rules.book,  # 时限: one legal clock
        instruction_rules.book,  # 批示: a leader's word, tracked until struck off
        inward_rules.book,  # 上级文电
        downward_rules.book,  # 下发: to a linked desk below
        checkin_rules.book,  # 报平安、续报间隔: silence about an incident
        period_rules.book,  # 重点时段: who has gone quiet
        dispatch_rules.book,  # 调度: the same, round after round
        check_rules.book,  # 抽查、点名
        check_rounds.book,  # one draw of checks that start by themselves
        proofs.book,  # 号码核验
        pair_rules.book,  # 互建: a town and a unit in it
        pairing_rules.book,  # one question to a unit's contact about its pairs
        pair_rounds.book,  # a round of such questions
        linetests.book,  # 线路测试
        verification_rules.book,  # 核报: one question to many
        submission_rules.book,  # 上报: a report upward
        watch_rules.book,  # 班次: who is on duty
        handover_rules.book,  # 交接班
        roster_rules.book,  # 值班表: a month
        leave_rules.book,  # 请销假, 换班
        *holiday_roster_rules.books,  # 节假日值班表: ours sent, the units' asked for
        circular_rules.book,  # 通报: figures of a watch or a period, the daily brief
        tallies.book,  # a circular's figures for each unit, and their scores
        calendars.book,  # when circulars write themselves
        faults.book,  # 漏报 瞒报 谎报, found by a person
        uses.book,  # 采用: how a unit's report was used
        plan_rules.book,  # 预案: a card at work on an incident
        users.book,  # who may sign in
        drills.book,  # 演练
        peers.book,  # 直连: the line to another duty room
        frames.book,  # what came in by such a line
        desks.book,  # the desk about itself
        *policies.books,  # rules, units, contacts, leaders
    )
}
