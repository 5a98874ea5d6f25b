namespace ChurnEngine.DataGen.Streaming;

/// <summary>The <c>churn.yaml</c> of a streaming world: the plan whose features hold all that the law of churn looks at, and more.</summary>
internal static class StreamingProject
{
    /// <summary>From when on events tell their device, in a world with new columns.</summary>
    public static long DeviceSince(WorldClock clock) => WorldClock.MonthStart(clock.Months / 2);

    public static string Text(StreamingSetting setting) => $$"""
        # A generated streaming world. Usage, payments and support tell of the time before an as-of instant;
        # the label asks who cancels within the 30 days after it.
        entity: customer_id

        tables:
          customers: { source: customers.parquet, key: customer_id, valid_from: {{(setting.Extras.PlanChanges ? "valid_from" : "signup_at")}} }
          events:    { source: "events/*.parquet", key: customer_id, time: event_at, known: ingested_at, kind: event_type{{DeviceColumn(setting)}} }
          payments:  { source: payments.parquet, key: customer_id, time: event_at, known: ingested_at, kind: status }
          support:   { source: support.parquet, key: customer_id, time: event_at, known: ingested_at, kind: ticket_kind }

        features:
          # Engagement: how much, how lately, and where it is heading.
          - { name: "plays_{w}d",         from: events, where: "kind = play", value: count, windows: [7, 30, 90] }
          - { name: days_since_play,      from: events, where: "kind = play", value: recency_days }
          - { name: plays_week_on_month,  ratio: [plays_7d, plays_30d], per_day: true }
          - { name: plays_month_on_quarter, ratio: [plays_30d, plays_90d], per_day: true }
          - { name: "listened_s_{w}d",    from: events, where: "kind = play", value: sum(duration_s), windows: [30] }
          - { name: "play_length_s_{w}d", from: events, where: "kind = play", value: mean(duration_s), windows: [90] }
          - { name: "searches_{w}d",      from: events, where: "kind = search", value: count, windows: [30] }
          - { name: "likes_{w}d",         from: events, where: "kind = like", value: count, windows: [30] }
          - { name: "skips_{w}d",         from: events, where: "kind = skip", value: count, windows: [30] }
          - { name: skips_per_play,       ratio: [skips_30d, plays_30d], family: skips }

          # Friction: errors, failed charges, tickets.
          - { name: "errors_{w}d",        from: events, where: "kind = error", value: count, windows: [30] }
          - { name: errors_per_play,      ratio: [errors_30d, plays_30d], family: errors }
          - { name: "failed_charges_{w}d", from: payments, where: "kind = failed", value: count, windows: [30, 90] }
          - { name: "paid_{w}d",          from: payments, where: "kind = paid", value: sum(amount), windows: [90] }
          - { name: "tickets_{w}d",       from: support, value: count, windows: [30, 90] }
          - { name: "billing_tickets_{w}d", from: support, where: "kind = billing", value: count, windows: [30], family: tickets }

          # Contract and person.
          - { name: tenure_days,          from: customers, value: tenure_days }
          - { name: monthly_price,        from: customers, value: monthly_price }
          - { name: plan,                 from: customers, value: category(plan) }
          - { name: payment_method,       from: customers, value: category(payment_method) }
          - { name: channel,              from: customers, value: category(channel) }
          - { name: region,               from: customers, value: category(region) }
          - { name: age,                  from: customers, value: age }
        {{Device(setting)}}
        label: { from: events, churned: "kind = cancel within 30d", gap: 0d }

        # When the files were exported: three days after the last month, so that every late event is in.
        extract_at: {{WorldClock.Date(setting.Clock.ExtractAt)}}

        # Who leaves within the 30 days from here on?
        score: { as_of: {{WorldClock.Date(setting.Clock.End)}} }

        # A customer is worth 600 a year; an offer costs 10, wins back three in ten, and there are 1000 contacts a day.
        decisions: { value: 600, save_rate: 0.3, cost: 10, capacity: 1000 }

        """;

    private static string DeviceColumn(StreamingSetting setting) =>
        setting.Extras.NewColumns ? $", since: {{ device: {WorldClock.Date(DeviceSince(setting.Clock))} }}" : "";

    // The app says its device from the middle of the world on; before, there is none.
    private static string Device(StreamingSetting setting) =>
        setting.Extras.NewColumns ? "  - { name: device,               from: events, value: category(device) }\n" : "";
}
