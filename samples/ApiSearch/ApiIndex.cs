namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// The searchable documentation in a NeuroStore directory: a table of members, and beside it what
/// turns texts into vectors. The usual way is a model that the database trained on the table
/// itself, whose vectors are a generated column; the other one is a hashing encoder in C#.
/// </summary>
internal abstract class ApiIndex : IDisposable
{
    // Counts up when members are encoded in another way, so that older indexes are built again.
    private const string Recipe = "recipe 3";
    private const int BatchRowCount = 4096;

    /// <summary>An index in an open database.</summary>
    protected ApiIndex(NeuroStore database) => Database = database;

    /// <summary>How many members can be found.</summary>
    public long Count => Database.QueryScalar<long>("SELECT count(*) FROM members");

    /// <summary>The database.</summary>
    protected NeuroStore Database { get; }

    /// <summary>
    /// Opens the directory, which may be new. An index in a format that is not read any more is
    /// made again: it holds nothing but what the documentation says.
    /// </summary>
    public static ApiIndex Open(string path, bool isHashed)
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
        return isHashed ? new HashedIndex(database) : new TrainedIndex(database);
    }

    /// <summary>
    /// Whether the directory holds a finished index of this documentation.
    /// </summary>
    public bool TryLoad(string source) =>
        Database.QueryScalar<byte[]>(
            "SELECT state FROM encoders WHERE source = ?", KeyOf(source)) is { } state
        && TryRestore(state);

    /// <summary>
    /// Fills the index anew. That it is finished is stored last: an index without that is built
    /// again.
    /// </summary>
    public void Build(string source, List<ApiMember> members)
    {
        Database.Execute("DELETE FROM encoders");
        Database.Execute("DROP TABLE IF EXISTS members");
        byte[] state = Fill(members);
        Database.Execute("CREATE INDEX words ON members USING bm25 (body)");
        Database.Execute(
            "INSERT INTO encoders (source, state) VALUES (?, ?)", KeyOf(source), state);
    }

    /// <summary>The ten members nearest to a question, best first; none without words.</summary>
    public abstract List<SearchHit> Search(string question);

    /// <summary>The ten members that have its words, best first.</summary>
    public List<SearchHit> SearchWords(string question) => Read(Database.Query(
        """
        SELECT id, name, summary, bm25(body, ?) AS score FROM members
        ORDER BY bm25(body, ?) LIMIT 10
        """,
        question,
        question));

    /// <summary>The ten members that are best by words and by vectors, best first.</summary>
    public abstract List<SearchHit> SearchBoth(string question);

    /// <summary>How many members answer a question.</summary>
    public int CountAnswers(Question question)
    {
        using ResultReader rows = Database.Query("SELECT id FROM members");
        int count = 0;
        while (rows.Read())
        {
            count += question.IsAnsweredBy(rows.GetString(0)) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Closes the database.</summary>
    public void Dispose() => Database.Dispose();

    /// <summary>Makes the table of members with its vectors, and gives what is to be kept of the
    /// encoder.</summary>
    protected abstract byte[] Fill(List<ApiMember> members);

    /// <summary>Takes what was kept of the encoder.</summary>
    protected abstract bool TryRestore(byte[] state);

    /// <summary>What else than the documentation an index depends on.</summary>
    protected abstract string KindName { get; }

    /// <summary>Writes the rows of members.</summary>
    protected void Append(List<ApiMember> members, Func<ApiMember, object?[]> rowOf)
    {
        using var progress = new ProgressBar(Report.Label("store"), members.Count);
        int done = 0;
        foreach (ApiMember[] batch in members.Chunk(BatchRowCount))
        {
            using Appender appender = Database.CreateAppender("members");
            foreach (ApiMember member in batch)
            {
                appender.AppendRow(rowOf(member));
                progress.Report(++done);
            }

            appender.Complete();
        }
    }

    /// <summary>The hits of a query that gives id, name, summary and score.</summary>
    protected static List<SearchHit> Read(ResultReader rows)
    {
        using ResultReader all = rows;
        var hits = new List<SearchHit>();
        while (all.Read())
        {
            hits.Add(new SearchHit(
                all.GetString(0), all.GetString(1), all.GetString(2), all.GetDouble(3)));
        }

        return hits;
    }

    private string KeyOf(string source) => $"{source}, {Recipe}, {KindName}";
}
