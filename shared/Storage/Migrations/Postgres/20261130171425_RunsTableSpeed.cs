using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MaeLab.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class RunsTableSpeed : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_runs_listed",
                table: "runs",
                columns: new[] { "experiment_id", "cell_index", "state", "id", "dataset", "mask_ratio", "patch_size" },
                filter: "kind = 'Training' AND deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_runs_loss_id",
                table: "runs",
                columns: new[] { "loss", "id" },
                filter: "kind = 'Training' AND deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_metric_summaries_name_last_run_id",
                table: "metric_summaries",
                columns: new[] { "name", "last", "run_id" },
                filter: "name >= 'probe/' AND name < 'probe0'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_runs_listed",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_loss_id",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_metric_summaries_name_last_run_id",
                table: "metric_summaries");
        }
    }
}
