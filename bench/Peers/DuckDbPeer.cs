using System.Globalization;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>DuckDB in memory, ORDER BY array_distance.</summary>
internal sealed unsafe class DuckDbPeer : IVectorPeer
{
    private nint _database;
    private nint _connection;
    private nint _search;
    private int _k = -1;
    private int _dimension;

    private DuckDbPeer()
    {
    }

    /// <inheritdoc/>
    public string Name => "DuckDB 1.5.6";

    /// <summary>The peer, or null where it is not installed.</summary>
    public static IVectorPeer? TryCreate()
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(DuckDbNative.Library) ? new DuckDbPeer() : null;
    }

    /// <inheritdoc/>
    public void Load(float[] vectors, int dimension)
    {
        _dimension = dimension;
        Check(DuckDbNative.Open(null, out _database));
        Check(DuckDbNative.Connect(_database, out _connection));
        Check(DuckDbNative.Query(
            _connection, $"CREATE TABLE v (id BIGINT, e FLOAT[{dimension}])", out _));
        Check(DuckDbNative.AppenderCreate(_connection, null, "v", out nint appender));
        int chunkRows = (int)DuckDbNative.VectorSize();
        int rows = vectors.Length / dimension;
        for (int start = 0; start < rows; start += chunkRows)
        {
            AppendChunk(appender, vectors, start, Math.Min(chunkRows, rows - start));
        }

        Check(DuckDbNative.AppenderDestroy(ref appender));
    }

    /// <inheritdoc/>
    public long[] Search(float[] query, int k)
    {
        if (k != _k)
        {
            string sql = $"SELECT id FROM v ORDER BY array_distance(e, ?::FLOAT[{_dimension}]) "
                + $"LIMIT {k}";
            Check(DuckDbNative.Prepare(_connection, sql, out _search));
            _k = k;
        }

        Check(DuckDbNative.BindText(_search, 1, Text(query)));
        Check(DuckDbNative.Execute(_search, out DuckDbNative.Result result));
        var found = new long[DuckDbNative.RowCount(ref result)];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = DuckDbNative.ValueInt64(ref result, 0, i);
        }

        DuckDbNative.DestroyResult(ref result);
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DuckDbNative.DestroyPrepared(ref _search);
        DuckDbNative.Disconnect(ref _connection);
        DuckDbNative.Close(ref _database);
    }

    private void AppendChunk(nint appender, float[] vectors, int start, int count)
    {
        nint* types = stackalloc nint[2];
        types[0] = DuckDbNative.CreateLogicalType(DuckDbNative.BigInt);
        types[1] = DuckDbNative.CreateArrayType(
            DuckDbNative.CreateLogicalType(DuckDbNative.Float), _dimension);
        nint chunk = DuckDbNative.CreateDataChunk(types, 2);
        long* ids = (long*)DuckDbNative.VectorData(DuckDbNative.ChunkVector(chunk, 0));
        for (int i = 0; i < count; i++)
        {
            ids[i] = start + i;
        }

        nint child = DuckDbNative.ArrayChild(DuckDbNative.ChunkVector(chunk, 1));
        var target = new Span<float>(DuckDbNative.VectorData(child), count * _dimension);
        vectors.AsSpan(start * _dimension, count * _dimension).CopyTo(target);
        DuckDbNative.SetChunkSize(chunk, count);
        Check(DuckDbNative.AppendDataChunk(appender, chunk));
        DuckDbNative.DestroyDataChunk(ref chunk);
    }

    private static string Text(float[] vector)
    {
        var text = new StringBuilder("[");
        foreach (float element in vector)
        {
            text.Append(text.Length > 1 ? "," : "")
                .Append(element.ToString("R", CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"DuckDB failed with code {code}.");
        }
    }
}
