using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MaeLab.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ChunksUncompressed : Migration
    {
        // Floating-point numbers hardly compress, and trying took most of the server's time: metric points come in twice as fast without.
        private static readonly (string Table, string Column)[] s_columns =
            [("metric_chunks", "steps"), ("metric_chunks", "values"), ("checkpoint_chunks", "data")];

        // Steps that lie evenly are not stored any more.
        private const string StepOf =
            "CASE WHEN cardinality(c.steps) > 0 THEN c.steps[u.i] ELSE c.first_step + (u.i - 1) * ((c.last_step - c.first_step) / greatest(c.count - 1, 1)) END";

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            SetStorage(migrationBuilder, "EXTERNAL");
            CreateView(migrationBuilder, $"(SELECT {StepOf}, u.value FROM unnest(c.values) WITH ORDINALITY AS u(value, i))");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql($"""
                UPDATE metric_chunks c SET steps = ARRAY(SELECT {StepOf} FROM generate_series(1::bigint, c.count) AS u(i) ORDER BY u.i)
                WHERE cardinality(c.steps) = 0
                """);
            CreateView(migrationBuilder, "unnest(c.steps, c.values)");
            SetStorage(migrationBuilder, "EXTENDED");
        }

        private static void SetStorage(MigrationBuilder migrationBuilder, string storage)
        {
            foreach (var (table, column) in s_columns)
            {
                migrationBuilder.Sql($"ALTER TABLE {table} ALTER COLUMN \"{column}\" SET STORAGE {storage}");
            }
        }

        /// <summary>The view of <see cref="Initial"/> with another way to the points of a chunk.</summary>
        private static void CreateView(MigrationBuilder migrationBuilder, string points) => migrationBuilder.Sql($"""
            CREATE OR REPLACE VIEW metric_points AS
            SELECT s.run_id, s.name AS series, c.attempt, p.step, p.value
            FROM series s
            JOIN metric_chunks c ON c.series_id = s.id
            CROSS JOIN LATERAL (
                SELECT least(
                    (SELECT min(a.restore_step) FROM run_attempts a WHERE a.run_id = s.run_id AND a.number > c.attempt),
                    (SELECT min(n.first_step) - 1 FROM metric_chunks n WHERE n.series_id = s.id AND n.attempt > c.attempt)
                ) AS last_step
            ) cut
            CROSS JOIN LATERAL {points} AS p(step, value)
            WHERE cut.last_step IS NULL OR p.step <= cut.last_step;
            """);
    }
}
