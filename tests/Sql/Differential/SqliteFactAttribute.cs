namespace NeuroDb.Tests.Sql;

/// <summary>A test beside SQLite; skipped, with its reason, where SQLite is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SqliteFactAttribute : FactAttribute
{
    public SqliteFactAttribute()
    {
        if (!SqliteDatabase.IsPresent)
        {
            Skip = "libsqlite3.so.0 is not on this machine; install the package libsqlite3-0.";
        }
    }
}
