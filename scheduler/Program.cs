using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Scheduler;

var builder = WebApplication.CreateBuilder(args).AddJsonLogging();
builder.Services.AddMaeLabScheduler(builder.Configuration);
builder.Services.AddMaeLabBus(builder.Configuration, SchedulerConsumers.Contribute);
return await builder.Build().RunServiceAsync();
