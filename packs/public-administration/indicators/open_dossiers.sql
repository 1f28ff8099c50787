-- Open dossiers at the end of the week: those past their due day, by how far, and those that are paused.
-- A state holds at the end of a week when it held on its Sunday, or on the last day known if that is earlier.
WITH states AS (
    SELECT receiving_unit, received_at, due_at, status, CAST(changed_at AS DATE) AS since_on,
        CAST(lead(changed_at) OVER (
            PARTITION BY dossier_code ORDER BY changed_at, delivery_id, row_no
        ) AS DATE) AS next_on,
        CAST(max(changed_at) OVER () AS DATE) AS known_on
    FROM "public-administration"."dossiers"
),
open_states AS (
    SELECT receiving_unit, CAST(received_at AS DATE) AS map_on, CAST(due_at AS DATE) AS due_on, status,
        since_on, coalesce(next_on - 1, known_on) AS last_on, known_on
    FROM states
    WHERE status IN ('mới tiếp nhận', 'đang giải quyết', 'yêu cầu bổ sung', 'tạm dừng')
),
weeks AS (
    SELECT *, CAST(unnest(generate_series(
        date_trunc('week', since_on), date_trunc('week', last_on), INTERVAL 7 DAY
    )) AS DATE) AS week_on
    FROM open_states
),
ends AS (
    SELECT *, least(week_on + 6, known_on) AS end_on FROM weeks
)
SELECT receiving_unit AS unit, map_on, week_on AS period_start_on,
    count(*) AS open, count(*) FILTER (WHERE due_on <= end_on) AS overdue,
    CAST(coalesce(sum(date_diff('day', due_on, end_on)) FILTER (WHERE due_on <= end_on), 0) AS BIGINT) AS days_overdue,
    count(*) FILTER (WHERE date_diff('day', due_on, end_on) > 5) AS overdue_over_5_days,
    count(*) FILTER (WHERE status = 'tạm dừng') AS paused, count(*) AS n_rows
FROM ends
WHERE end_on BETWEEN since_on AND last_on
GROUP BY ALL
