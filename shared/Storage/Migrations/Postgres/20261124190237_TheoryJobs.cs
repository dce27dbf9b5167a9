using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MaeLab.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TheoryJobs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_runs_experiment_id_index",
                table: "runs");

            migrationBuilder.AddColumn<Guid>(
                name: "checkpoint_id",
                table: "runs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "checkpoint_step",
                table: "runs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "runs",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Training");

            migrationBuilder.AddColumn<Guid>(
                name: "subject_run_id",
                table: "runs",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_runs_experiment_id_index",
                table: "runs",
                columns: new[] { "experiment_id", "index" },
                unique: true,
                filter: "kind = 'Training'");

            migrationBuilder.CreateIndex(
                name: "ix_runs_subject_run_id",
                table: "runs",
                column: "subject_run_id",
                filter: "subject_run_id IS NOT NULL");

            migrationBuilder.AddForeignKey(
                name: "fk_runs_runs_subject_run_id",
                table: "runs",
                column: "subject_run_id",
                principalTable: "runs",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // A schema without kinds knows no jobs, and would take them for runs.
            migrationBuilder.Sql("DELETE FROM runs WHERE kind <> 'Training'");

            migrationBuilder.DropForeignKey(
                name: "fk_runs_runs_subject_run_id",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_experiment_id_index",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_subject_run_id",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "checkpoint_id",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "checkpoint_step",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "subject_run_id",
                table: "runs");

            migrationBuilder.CreateIndex(
                name: "ix_runs_experiment_id_index",
                table: "runs",
                columns: new[] { "experiment_id", "index" },
                unique: true);
        }
    }
}
