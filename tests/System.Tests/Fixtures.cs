using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]
[assembly: AssemblyFixture(typeof(Chromium))]

// The services train on both cores; two rings at once would only wait for each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
