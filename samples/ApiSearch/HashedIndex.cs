using System.Diagnostics;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// Members with vectors of a hashing encoder, which has learned nothing but how rare words are.
/// </summary>
internal sealed class HashedIndex(NeuroStore database) : ApiIndex(database)
{
    private TextEncoder? _encoder;

    /// <inheritdoc/>
    protected override string KindName => "hashed";

    /// <inheritdoc/>
    public override List<SearchHit> Search(string question) =>
        TryEncode(question, out float[] query)
            ? Read(Database.Query(
                """
                SELECT id, name, summary, similarity(vec, ?) FROM members
                ORDER BY similarity(vec, ?) LIMIT 10
                """,
                query,
                query))
            : [];

    /// <inheritdoc/>
    public override List<SearchHit> SearchBoth(string question) =>
        TryEncode(question, out float[] query)
            ? Read(Database.Query(
                """
                SELECT id, name, summary, score
                FROM hybrid_search(TABLE members, text => ?, vector => ?, k => 10)
                """,
                question,
                query))
            : [];

    /// <inheritdoc/>
    protected override byte[] Fill(List<ApiMember> members)
    {
        long start = Stopwatch.GetTimestamp();
        TextEncoder encoder = MemberEncoder.Fit(members);
        Report.Step("fit", $"text encoder of {encoder.Dimension} dimensions", start);
        Database.Execute(
            $"""
            CREATE TABLE members (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                summary TEXT NOT NULL,
                body TEXT NOT NULL,
                vec VECTOR({encoder.Dimension}) NOT NULL)
            """);
        var memberEncoder = new MemberEncoder(encoder, members);
        Append(members, member =>
        [
            member.Id, member.Name.Display, member.Summary, member.Body,
            memberEncoder.Encode(member),
        ]);
        _encoder = encoder;
        return encoder.Save();
    }

    /// <inheritdoc/>
    protected override bool TryRestore(byte[] state)
    {
        _encoder = TextEncoder.Load(state);
        return true;
    }

    private bool TryEncode(string question, out float[] query)
    {
        query = new float[_encoder!.Dimension];
        return _encoder.Encode(question, query);
    }
}
