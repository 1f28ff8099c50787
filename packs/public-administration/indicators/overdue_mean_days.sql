-- Days past the due day, and open dossiers that are past it, at the end of the day.
-- A state holds at the end of every day from its own to the one before the next state, at most to the last day known.
WITH states AS (
    SELECT receiving_unit, received_at, due_at, status, CAST(changed_at AS DATE) AS since_on,
        CAST(lead(changed_at) OVER (
            PARTITION BY dossier_code ORDER BY changed_at, delivery_id, row_no
        ) AS DATE) AS next_on,
        CAST(max(changed_at) OVER () AS DATE) AS known_on
    FROM "public-administration"."dossiers"
),
late AS (
    SELECT receiving_unit, CAST(received_at AS DATE) AS map_on, CAST(due_at AS DATE) AS due_on,
        greatest(since_on, CAST(due_at AS DATE)) AS first_on,
        coalesce(next_on - 1, known_on) AS last_on
    FROM states
    WHERE status IN ('mới tiếp nhận', 'đang giải quyết', 'yêu cầu bổ sung', 'tạm dừng') AND due_at IS NOT NULL
),
days AS (
    SELECT receiving_unit, map_on, due_on,
        CAST(unnest(generate_series(first_on, last_on, INTERVAL 1 DAY)) AS DATE) AS day_on
    FROM late
)
SELECT receiving_unit AS unit, map_on, day_on AS period_start_on,
    CAST(sum(date_diff('day', due_on, day_on)) AS BIGINT) AS numerator, count(*) AS denominator, count(*) AS n_rows
FROM days
GROUP BY ALL
