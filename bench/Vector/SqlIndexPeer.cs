using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>
/// The index of NeuroStore by a prepared SELECT, as it calibrated itself: rows are appended in
/// commits of 1,000, sealed by a checkpoint and indexed; all of that counts as its build.
/// </summary>
internal sealed class SqlIndexPeer(VectorMetric metric) : IAnnPeer
{
    private const int RowsInCommit = 1000;
    private readonly TemporaryFolder _folder = new("vector");
    private NeuroStore? _database;
    private Session? _session;
    private Statement? _search;
    private StorageTransaction? _reader;
    private List<IndexedRange> _ranges = [];
    private int _count;

    /// <inheritdoc/>
    public string Name => "NeuroStore SQL";

    /// <inheritdoc/>
    public string Family => "NeuroStore SQL";

    /// <inheritdoc/>
    public int SettingCount => 1;

    /// <inheritdoc/>
    public double BytesPerVector => double.NaN;

    /// <inheritdoc/>
    public void Build(float[] vectors, int dimension)
    {
        (string operators, string sign) = metric switch
        {
            VectorMetric.L2 => ("vector_l2_ops", "<->"),
            VectorMetric.Cosine => ("vector_cosine_ops", "<=>"),
            _ => ("vector_ip_ops", "<#>"),
        };
        _count = vectors.Length / dimension;
        _database = NeuroStore.Open(_folder.File("db"));
        _session = _database.OpenSession();
        _session.Execute($"CREATE TABLE items (id BIGINT PRIMARY KEY, vec VECTOR({dimension}))");
        for (int first = 0; first < _count; first += RowsInCommit)
        {
            using Appender appender = _session.CreateAppender("items");
            for (int row = first; row < Math.Min(_count, first + RowsInCommit); row++)
            {
                appender.Append((long)row);
                appender.Append(vectors.AsMemory(row * dimension, dimension));
                appender.EndRow();
            }

            appender.Complete();
        }

        _session.Execute("CHECKPOINT");
        _session.Execute($"CREATE INDEX items_vec ON items USING vector (vec {operators})");
        _session.Execute("REINDEX INDEX items_vec");
        _search = _session.Prepare($"SELECT id FROM items ORDER BY vec {sign} ? LIMIT ?");
        _reader = _session.Storage.Begin();
        TableEntry table = _reader.Catalog.Tables.First(
            static known => known.Schema.Name == "items");
        IndexEntry index = _reader.Catalog.IndexesOf(table).First(
            static known => known.Schema.Kind == IndexKind.Vector);
        _ranges = [.. _reader.VectorIndexOf(index).RangesOf(_reader.Open(table))];
    }

    /// <inheritdoc/>
    public string Use(int setting) => "as calibrated";

    /// <inheritdoc/>
    public void Search(float[] query, long[] ids)
    {
        int found = 0;
        using ResultReader reader = _search!.Query(query, ids.Length);
        while (reader.Read())
        {
            ids[found++] = reader.GetInt64(0);
        }

        ids.AsSpan(found).Fill(-1);
    }

    /// <summary>The same search by the index that the statement asks.</summary>
    public void SearchIndex(float[] query, long[] ids)
    {
        using var search = new VectorSearch(_ranges[0].Part.Metric, query, ids.Length);
        foreach (IndexedRange range in _ranges)
        {
            long firstId = (long)range.FirstChunk * Limits.ChunkRowCount;
            search.Run(range.Part, range.Rows, firstId, null, range.Part.Dial);
        }

        Candidate[] found = search.Heap.ToSortedArray();
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = i < found.Length ? found[i].Id : -1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _search?.Dispose();
        _session?.Dispose();
        _database?.Dispose();
        _folder.Dispose();
    }
}
