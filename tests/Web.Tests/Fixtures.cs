using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;

[assembly: AssemblyFixture(typeof(SqliteFiles))]
[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]
