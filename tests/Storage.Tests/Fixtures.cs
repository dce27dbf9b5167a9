using MaeLab.Testing.Databases;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(SqliteFiles))]
