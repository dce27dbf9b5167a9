using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MaeLab.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Queue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "position",
                table: "runs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "stopped_by",
                table: "run_attempts",
                type: "character varying(32)",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "idempotency_key",
                table: "experiments",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "turn",
                table: "experiments",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "weight",
                table: "experiments",
                type: "double precision",
                nullable: false,
                defaultValue: 1.0);

            migrationBuilder.CreateIndex(
                name: "ix_runs_experiment_id_priority_dataset_device_position_not_bef",
                table: "runs",
                columns: new[] { "experiment_id", "priority", "dataset", "device", "position", "not_before" },
                filter: "state = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "ix_experiments_idempotency_key",
                table: "experiments",
                column: "idempotency_key",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_runs_experiment_id_priority_dataset_device_position_not_bef",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_experiments_idempotency_key",
                table: "experiments");

            migrationBuilder.DropColumn(
                name: "position",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "stopped_by",
                table: "run_attempts");

            migrationBuilder.DropColumn(
                name: "idempotency_key",
                table: "experiments");

            migrationBuilder.DropColumn(
                name: "turn",
                table: "experiments");

            migrationBuilder.DropColumn(
                name: "weight",
                table: "experiments");
        }
    }
}
