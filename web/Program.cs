using MaeLab.Web;

var builder = WebApplication.CreateBuilder(args);
builder.AddMaeLabWeb();

var app = builder.Build();
app.MapMaeLabWeb();
await app.RunAsync();
