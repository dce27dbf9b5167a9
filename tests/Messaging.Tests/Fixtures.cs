using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(SqliteFiles))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]
