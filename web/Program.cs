using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Telemetry;
using MaeLab.Web;

var builder = WebApplication.CreateBuilder(args).AddJsonLogging().AddTelemetry("maelab-web");
builder.AddMaeLabWeb();
builder.Services.AddMaeLabBus(builder.Configuration, WebRegistration.Contribute);

var app = builder.Build();
app.MapMaeLabWeb();
return await app.RunServiceAsync();
