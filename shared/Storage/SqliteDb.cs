using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage;

public sealed class SqliteDb(DbContextOptions<SqliteDb> options) : MaeLabDb(options);
