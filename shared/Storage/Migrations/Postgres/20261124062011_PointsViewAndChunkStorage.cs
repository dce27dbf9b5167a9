using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MaeLab.Storage.Migrations.Postgres
{
    /// <summary>What EF's model cannot say about PostgreSQL.</summary>
    public partial class PointsViewAndChunkStorage : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Weights do not compress: EXTERNAL leaves out the attempt, and substr() on a piece stays cheap.
            migrationBuilder.Sql("ALTER TABLE checkpoint_chunks ALTER COLUMN data SET STORAGE EXTERNAL;");

            // The arrays of a chunk go outside its row, so that 60 summaries fit a page instead of 6; charts read those.
            migrationBuilder.Sql("ALTER TABLE metric_chunks SET (toast_tuple_target = 128);");

            // One row a point, for psql, Grafana and notebooks. An attempt counts up to the step from which a later one
            // was restored, and never past the first point that a later one wrote (it may have been restored from an
            // older checkpoint than planned). MetricReader keeps the same rule.
            migrationBuilder.Sql(
                """
                CREATE VIEW metric_points AS
                SELECT s.run_id, s.name AS series, c.attempt, p.step, p.value
                FROM series s
                JOIN metric_chunks c ON c.series_id = s.id
                CROSS JOIN LATERAL (
                    SELECT least(
                        (SELECT min(a.restore_step) FROM run_attempts a WHERE a.run_id = s.run_id AND a.number > c.attempt),
                        (SELECT min(n.first_step) - 1 FROM metric_chunks n WHERE n.series_id = s.id AND n.attempt > c.attempt)
                    ) AS last_step
                ) cut
                CROSS JOIN LATERAL unnest(c.steps, c.values) AS p(step, value)
                WHERE cut.last_step IS NULL OR p.step <= cut.last_step;
                """);
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP VIEW metric_points;");
            migrationBuilder.Sql("ALTER TABLE metric_chunks RESET (toast_tuple_target);");
            migrationBuilder.Sql("ALTER TABLE checkpoint_chunks ALTER COLUMN data SET STORAGE EXTENDED;");
        }
    }
}
