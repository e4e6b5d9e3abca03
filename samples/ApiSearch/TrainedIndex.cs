using System.Diagnostics;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// Members with vectors of a model that the database trained on them. The documentation has four
/// kinds of pairs: a name and its summary, what a member returns and the member, what a type is
/// for and its members, what a member is given and the member. From those the model learns which
/// words mean alike here. No question of <see cref="Questions"/> is among them.
/// </summary>
internal sealed class TrainedIndex(NeuroStore database) : ApiIndex(database)
{
    /// <inheritdoc/>
    protected override string KindName => "trained";

    /// <inheritdoc/>
    public override List<SearchHit> Search(string question) => Read(Database.Query(
        "SELECT id, name, summary, score FROM semantic_search(TABLE members, ?, 10)", question));

    /// <inheritdoc/>
    public override List<SearchHit> SearchBoth(string question) => Read(Database.Query(
        """
        SELECT id, name, summary, score
        FROM hybrid_search(TABLE members, text => ?, vector => embed(api, ?), k => 10)
        """,
        question,
        question));

    /// <inheritdoc/>
    protected override byte[] Fill(List<ApiMember> members)
    {
        Database.Execute(
            """
            CREATE TABLE members (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                title TEXT NOT NULL,
                summary TEXT NOT NULL,
                result TEXT NOT NULL,
                purpose TEXT NOT NULL,
                given TEXT NOT NULL,
                body TEXT NOT NULL)
            """);
        Dictionary<string, string> types = members
            .Where(static member => member.Name.Kind == 'T')
            .ToDictionary(static member => member.Name.TypePath, static member => member.Summary);
        Append(members, member =>
        [
            member.Id, member.Name.Display, member.Title, member.Summary, member.Result,
            member.Name.Kind == 'T' ? "" : types.GetValueOrDefault(member.Name.TypePath, ""),
            member.Parameters, member.Body,
        ]);

        long start = Stopwatch.GetTimestamp();
        Database.Execute(
            """
            CREATE OR REPLACE MODEL api TYPE embedder USING contrastive(256)
              SPLIT (train 1)
              WITH (epochs = 4, batch_size = 512, learning_rate = .03, seed = 1)
              AS SELECT title AS question, summary AS answer FROM members
                 UNION ALL SELECT result, body FROM members WHERE length(result) > 20
                 UNION ALL SELECT purpose, body FROM members WHERE purpose <> ''
                 UNION ALL SELECT given, body FROM members WHERE length(given) > 20
            """);
        Report.Step("train", "an encoder of 256 dimensions on pairs of the documentation", start);

        start = Stopwatch.GetTimestamp();
        Database.Execute(
            """
            ALTER TABLE members ADD COLUMN vec VECTOR(256)
              GENERATED ALWAYS AS (embed(api, body)) STORED
            """);
        Report.Step("encode", $"{members.Count:N0} members", start);
        return [1];
    }

    /// <inheritdoc/>
    protected override bool TryRestore(byte[] state) => state is [1];
}
