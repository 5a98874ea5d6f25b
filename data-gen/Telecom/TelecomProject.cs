namespace ChurnEngine.DataGen.Telecom;

/// <summary>The <c>churn.yaml</c> of a telecom world: means of three months, changes over six, the contract, services and payments.</summary>
internal static class TelecomProject
{
    /// <summary>The books count logins to the app from the third month on: a column added midway, null before.</summary>
    public static long AppSince { get; } = WorldClock.MonthStart(2);

    public static string Text(WorldClock clock) => $$"""
        # A generated telecom world: one row a customer and month, loaded as the month's books close.
        # The label asks who leaves within the next period. Age group and gender are protected and no features.
        entity: customer_id

        tables:
          customers: { source: customers.parquet, key: customer_id, valid_from: joined_at }
          months:    { source: "months/*.parquet", key: customer_id, time: period, known: loaded_at, kind: status, since: { app_logins: {{WorldClock.Date(AppSince)}} } }

        features:
          # Charges: what is paid, and where it is heading over six months.
          - { name: monthly_charge,          from: months, value: monthly_charge }
          - { name: list_price,              from: months, value: list_price }
          - { name: "charge_mean_{w}d",      from: months, value: mean(monthly_charge), windows: [60, 90, 180], unit: EUR }
          - { name: "charge_slope_{w}d",     from: months, value: "slope(monthly_charge, 30d)", windows: [180], unit: EUR a month }
          - { name: value_quarter,           quantile: charge_mean_90d, parts: 4 }
          - { name: charge_change_6m,        ratio: [monthly_charge, charge_mean_180d] }
          - { name: charge_change_3m,        ratio: [monthly_charge, charge_mean_90d] }
          - { name: paid_to_list,            ratio: [monthly_charge, list_price] }

          # Contract and services.
          - { name: contract,                from: months, value: category(contract) }
          - { name: contract_days_left,      from: months, value: days_until(contract_ends_at) }
          - { name: days_since_new_contract, from: months, value: days_since_change(contract) }
          - { name: auto_renew,              from: months, value: auto_renew }
          - { name: internet,                from: months, value: category(internet) }
          - { name: payment_method,          from: months, value: category(payment_method) }
          - { name: add_ons,                 from: months, value: add_ons }
          - { name: tenure_days,             from: customers, value: tenure_days }
          - { name: region,                  from: customers, value: category(region) }

          # Use: means of three months, and the latest month against them.
          - { name: data_gb,                 from: months, value: data_gb, unit: GB }
          - { name: "data_mean_{w}d",        from: months, value: mean(data_gb), windows: [90, 180], unit: GB }
          - { name: data_month_on_quarter,   ratio: [data_gb, data_mean_90d] }
          - { name: data_quarter_on_half,    ratio: [data_mean_90d, data_mean_180d] }
          - { name: "data_slope_{w}d",       from: months, value: "slope(data_gb, 30d)", windows: [180], unit: GB a month }
          - { name: "call_minutes_mean_{w}d", from: months, value: mean(call_minutes), windows: [90], unit: minutes }
          - { name: "app_logins_{w}d",       from: months, value: sum(app_logins), windows: [90] }

          # Service and payments.
          - { name: "tickets_{w}d",          from: months, value: sum(tickets), windows: [30, 90, 180] }
          - { name: "dropped_calls_{w}d",    from: months, value: sum(dropped_calls), windows: [30, 90, 180] }
          - { name: "tickets_slope_{w}d",    from: months, value: "slope(tickets, 30d)", windows: [180] }
          - { name: "late_payments_{w}d",    from: months, value: sum(late_payments), windows: [90, 180] }
          - { name: days_since_late_payment, from: months, where: "late_payments > 0", value: recency_days }

        label: { from: months, churned: "kind = left within 30d", gap: 0d }

        # When the files were exported: three days after the last month, so that every late row is in.
        extract_at: {{WorldClock.Date(clock.ExtractAt)}}

        # A starting point: shallow trees, slowly.
        train: { learning_rate: 0.05, max_depth: 6 }

        # Who leaves within the 30 days from here on?
        score: { as_of: {{WorldClock.Date(clock.End)}} }

        # A customer is worth 360 a year; an offer costs 15, wins back a quarter, and there are 1000 contacts a day.
        decisions: { value: 360, save_rate: 0.25, cost: 15, capacity: 1000 }

        """;
}
