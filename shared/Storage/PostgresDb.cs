using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage;

public sealed class PostgresDb(DbContextOptions<PostgresDb> options) : MaeLabDb(options);
