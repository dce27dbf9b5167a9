using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MaeLab.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PointLedger : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "sequence",
                table: "run_logs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            // The lines of before have no number; their ids are as good.
            migrationBuilder.Sql("UPDATE run_logs SET sequence = id");

            migrationBuilder.CreateTable(
                name: "point_ledgers",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    produced = table.Column<long>(type: "bigint", nullable: false),
                    stored = table.Column<long>(type: "bigint", nullable: false),
                    dropped = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_point_ledgers", x => new { x.run_id, x.attempt });
                    table.ForeignKey(
                        name: "fk_point_ledgers_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_run_logs_run_id_attempt_sequence",
                table: "run_logs",
                columns: new[] { "run_id", "attempt", "sequence" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "point_ledgers");

            migrationBuilder.DropIndex(
                name: "ix_run_logs_run_id_attempt_sequence",
                table: "run_logs");

            migrationBuilder.DropColumn(
                name: "sequence",
                table: "run_logs");
        }
    }
}
