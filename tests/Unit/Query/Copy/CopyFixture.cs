using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>A database in memory and a folder for the files that COPY reads and writes.</summary>
internal sealed class CopyFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CopyFixture(string schema)
    {
        Database = NeuroStore.OpenInMemory();
        Session = Database.OpenSession();
        Session.Execute(schema);
    }

    public NeuroStore Database { get; }

    public Session Session { get; }

    public string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path(name), bytes);
        return Path(name);
    }

    /// <summary>Copies a text into a table.</summary>
    public long Load(string text, string options = "FORMAT csv", string table = "t") =>
        Session.Execute($"COPY {table} FROM '{Write("file.data", text)}' WITH ({options})");

    /// <summary>The error of copying a text into the table t.</summary>
    public NeuroStoreException Fail(string text, string options = "FORMAT csv") =>
        Assert.ThrowsAny<NeuroStoreException>(() => Load(text, options));

    /// <summary>All rows of a query: values joined by bars, NULL as a dot.</summary>
    public string[] Rows(string sql)
    {
        var rows = new List<string>();
        using ResultReader reader = Session.Query(sql);
        while (reader.Read())
        {
            var row = new List<string>();
            for (int i = 0; i < reader.FieldCount; i++)
            {
                row.Add(reader.IsNull(i) ? "." : reader.GetString(i));
            }

            rows.Add(string.Join('|', row));
        }

        return [.. rows];
    }

    public void Dispose()
    {
        Session.Dispose();
        Database.Dispose();
        _folder.Dispose();
    }
}
