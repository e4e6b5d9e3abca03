namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// The searchable documentation in a NeuroStore directory: a table of members with their vectors,
/// and the encoder's state beside them, because vectors compare only under one encoder.
/// </summary>
internal sealed class ApiIndex : IDisposable
{
    // Counts up when members are encoded in another way, so that older indexes are built again.
    private const string Recipe = "recipe 1";
    private const int BatchRowCount = 4096;

    private readonly NeuroStore _database;
    private TextEncoder? _encoder;

    private ApiIndex(NeuroStore database) => _database = database;

    /// <summary>How many members can be found.</summary>
    public long Count => _database.QueryScalar<long>("SELECT count(*) FROM members");

    /// <summary>
    /// Opens the directory, which may be new. An index in a format that is not read any more is
    /// made again: it holds nothing but what the documentation says.
    /// </summary>
    public static ApiIndex Open(string path)
    {
        NeuroStore database;
        try
        {
            database = NeuroStore.Open(path);
        }
        catch (NeuroStoreException failure) when (failure.Code == ErrorCode.OlderFormat)
        {
            Directory.Delete(path, recursive: true);
            database = NeuroStore.Open(path);
        }

        database.Execute(
            """
            CREATE TABLE IF NOT EXISTS encoders (source TEXT PRIMARY KEY, state BLOB NOT NULL)
            """);
        return new ApiIndex(database);
    }

    /// <summary>
    /// Loads the encoder of a finished index of this documentation; false if there is none.
    /// </summary>
    public bool TryLoad(string source)
    {
        byte[]? state = _database.QueryScalar<byte[]>(
            "SELECT state FROM encoders WHERE source = ?", KeyOf(source));
        _encoder = state is null ? null : TextEncoder.Load(state);
        return _encoder is not null;
    }

    /// <summary>
    /// Fills the index anew. The encoder is stored last: an index without it is unfinished and is
    /// built again.
    /// </summary>
    public void Build(
        string source, List<ApiMember> members, TextEncoder encoder, ProgressBar progress)
    {
        _database.Execute("DELETE FROM encoders");
        _database.Execute("DROP TABLE IF EXISTS members");
        _database.Execute(
            $"""
            CREATE TABLE members (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                summary TEXT NOT NULL,
                vec VECTOR({encoder.Dimension}) NOT NULL)
            """);

        var memberEncoder = new MemberEncoder(encoder, members);
        int done = 0;
        foreach (ApiMember[] batch in members.Chunk(BatchRowCount))
        {
            using Appender appender = _database.CreateAppender("members");
            foreach (ApiMember member in batch)
            {
                float[] vector = memberEncoder.Encode(member);
                appender.AppendRow(member.Id, member.Name.Display, member.Summary, vector);
                progress.Report(++done);
            }

            appender.Complete();
        }

        _database.Execute(
            "INSERT INTO encoders (source, state) VALUES (?, ?)", KeyOf(source), encoder.Save());
        _encoder = encoder;
    }

    /// <summary>The ten members nearest to a question, best first; none without words.</summary>
    public List<SearchHit> Search(string question)
    {
        var query = new float[_encoder!.Dimension];
        if (!_encoder.Encode(question, query))
        {
            return [];
        }

        using ResultReader rows = _database.Query(
            """
            SELECT id, name, summary, similarity(vec, ?)
            FROM members
            ORDER BY similarity(vec, ?)
            LIMIT 10
            """,
            query,
            query);
        var hits = new List<SearchHit>();
        while (rows.Read())
        {
            hits.Add(new SearchHit(
                rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetDouble(3)));
        }

        return hits;
    }

    /// <summary>Closes the database.</summary>
    public void Dispose() => _database.Dispose();

    private static string KeyOf(string source) => $"{source}, {Recipe}";
}
