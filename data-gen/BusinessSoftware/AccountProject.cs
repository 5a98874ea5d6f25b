namespace ChurnEngine.DataGen.BusinessSoftware;

/// <summary>The <c>churn.yaml</c> of a business-software world: use per seat and its trend, tickets, invoices, seats; nothing about persons.</summary>
internal static class AccountProject
{
    /// <summary>From when on usage events tell the client; null before.</summary>
    public static long ClientSince { get; } = WorldClock.MonthStart(2);

    public static string Text(WorldClock clock) => $$"""
        # A generated world of business accounts: seats and plans, usage, tickets, invoices.
        # The label asks who closes within the 30 days after an as-of instant. The contact's name and gender are personal data and no features.
        entity: account_id

        tables:
          accounts:  { source: accounts.parquet, key: account_id, valid_from: valid_from }
          usage:     { source: "usage/*.parquet", key: account_id, time: event_at, known: ingested_at, kind: event_type }
          tickets:   { source: tickets.parquet, key: account_id, time: event_at, known: ingested_at, kind: priority }
          invoices:  { source: invoices.parquet, key: account_id, time: event_at, known: ingested_at, kind: status }
          lifecycle: { source: lifecycle.parquet, key: account_id, time: event_at, known: ingested_at, kind: change }

        features:
          # Use: how much, how lately, and the last two weeks against the quarter.
          - { name: "logins_{w}d",           from: usage, where: "kind = login", value: count, windows: [7, 14, 30, 90] }
          - { name: logins_fortnight_on_quarter, ratio: [logins_14d, logins_90d], per_day: true }
          - { name: logins_month_on_quarter, ratio: [logins_30d, logins_90d], per_day: true }
          - { name: days_since_login,        from: usage, where: "kind = login", value: recency_days }
          - { name: "logins_slope_{w}d",     from: usage, where: "kind = login", value: slope(7d), windows: [56] }
          - { name: "active_seats_{w}d",     from: usage, value: distinct(seat), windows: [14, 90] }
          - { name: "weekend_share_{w}d",    from: usage, value: share(weekday >= 6), windows: [90] }
          - { name: "reports_{w}d",          from: usage, where: "kind = report", value: count, windows: [14, 90] }
          - { name: reports_fortnight_on_quarter, ratio: [reports_14d, reports_90d], per_day: true }
          - { name: "api_calls_{w}d",        from: usage, where: "kind = api_call", value: count, windows: [30] }
          - { name: "exports_{w}d",          from: usage, where: "kind = export", value: count, windows: [30, 90] }
          - { name: "invites_{w}d",          from: usage, where: "kind = invite", value: count, windows: [90] }
          - { name: "integration_errors_{w}d", from: usage, where: "kind = integration_error", value: count, windows: [30] }

          # Tickets and invoices.
          - { name: "tickets_{w}d",          from: tickets, value: count, windows: [30, 90] }
          - { name: "urgent_tickets_{w}d",   from: tickets, where: "kind = urgent", value: count, windows: [30, 90] }
          - { name: "satisfaction_{w}d",     from: tickets, value: mean(satisfaction), windows: [90] }
          - { name: "overdue_invoices_{w}d", from: invoices, where: "kind = overdue", value: count, windows: [60, 180] }
          - { name: "invoiced_{w}d",         from: invoices, value: sum(amount), windows: [90], unit: EUR }

          # Contract: seats, plan, price.
          - { name: seats,                   from: accounts, value: seats }
          - { name: price_per_seat,          from: accounts, value: price_per_seat, unit: EUR }
          - { name: logins_per_seat,         ratio: [logins_30d, seats] }
          - { name: active_share,            ratio: [active_seats_14d, seats] }
          - { name: use_rank,                rank: logins_per_seat }
          - { name: "seats_removed_{w}d",    from: lifecycle, where: "kind = seats_removed", value: count, windows: [60] }
          - { name: "seats_added_{w}d",      from: lifecycle, where: "kind = seats_added", value: count, windows: [180] }
          - { name: plan,                    from: accounts, value: category(plan) }
          - { name: billing,                 from: accounts, value: category(billing) }
          - { name: industry,                from: accounts, value: category(industry) }
          - { name: country,                 from: accounts, value: category(country) }
          - { name: tenure_days,             from: accounts, value: tenure_days }

        label: { from: lifecycle, churned: "kind = closed within 30d", gap: 0d }

        # When the files were exported: three days after the last month, so that every late event is in.
        extract_at: {{WorldClock.Date(clock.ExtractAt)}}

        # Who closes within the 30 days from here on?
        score: { as_of: {{WorldClock.Date(clock.End)}} }

        # Five seats at 50 a month are worth 3000 a year; a visit costs 150, wins back a quarter, and there are 200 a day. Above 0.7 somebody is called at once.
        decisions: { value: 3000, save_rate: 0.25, cost: 150, capacity: 200, high_risk: 0.7 }

        """;
}
