using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MaeLab.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class EvaluationStates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "checkpoints",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                defaultValue: "Training");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // A schema without kinds knows no states of evaluations, and would take them for checkpoints.
            migrationBuilder.Sql("DELETE FROM checkpoints WHERE kind <> 'Training'");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "checkpoints");
        }
    }
}
