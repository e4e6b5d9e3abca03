namespace NeuroDb.Bench;

/// <summary>sqlite-vec's vec0 table in an in-memory SQLite.</summary>
internal sealed class SqliteVecPeer : IVectorPeer
{
    private static readonly nint Transient = -1;
    private nint _database;
    private nint _search;

    private SqliteVecPeer()
    {
    }

    /// <inheritdoc/>
    public string Name => "sqlite-vec 0.1.9";

    /// <summary>The peer, or null where it is not installed.</summary>
    public static IVectorPeer? TryCreate()
    {
        PeerLibrary.Register();
        bool isPresent = PeerLibrary.IsPresent(SqliteNative.Library)
            && File.Exists(PeerLibrary.PathOf("vec0.so"));
        return isPresent ? new SqliteVecPeer() : null;
    }

    /// <inheritdoc/>
    public void Load(float[] vectors, int dimension)
    {
        _ = SqliteNative.Open(":memory:", out _database);
        _ = SqliteNative.EnableLoadExtension(_database, 1);
        int code = SqliteNative.LoadExtension(
            _database, PeerLibrary.PathOf("vec0.so"), "sqlite3_vec_init", out _);
        if (code != 0)
        {
            throw new InvalidOperationException($"vec0.so does not load: {code}");
        }

        SqliteNative.Execute(
            _database, $"CREATE VIRTUAL TABLE v USING vec0(embedding float[{dimension}])");
        SqliteNative.Execute(_database, "BEGIN");
        nint insert = SqliteNative.Prepare(
            _database, "INSERT INTO v(rowid, embedding) VALUES (?, ?)");
        for (int row = 0; row < vectors.Length / dimension; row++)
        {
            _ = SqliteNative.BindInt64(insert, 1, row);
            _ = SqliteNative.BindBlob(
                insert, 2, vectors.AsSpan(row * dimension, dimension), dimension * 4, Transient);
            _ = SqliteNative.Step(insert);
            _ = SqliteNative.Reset(insert);
        }

        _ = SqliteNative.FinalizeStatement(insert);
        SqliteNative.Execute(_database, "COMMIT");
        _search = SqliteNative.Prepare(
            _database, "SELECT rowid FROM v WHERE embedding MATCH ? AND k = ? ORDER BY distance");
    }

    /// <inheritdoc/>
    public long[] Search(float[] query, int k)
    {
        _ = SqliteNative.BindBlob(_search, 1, query, query.Length * 4, Transient);
        _ = SqliteNative.BindInt64(_search, 2, k);
        var found = new List<long>();
        while (SqliteNative.Step(_search) == SqliteNative.Row)
        {
            found.Add(SqliteNative.ColumnInt64(_search, 0));
        }

        _ = SqliteNative.Reset(_search);
        return [.. found];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = SqliteNative.FinalizeStatement(_search);
        _ = SqliteNative.Close(_database);
    }
}
