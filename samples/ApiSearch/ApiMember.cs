namespace NeuroDb.Samples.ApiSearch;

/// <summary>One documented type or member of the .NET libraries.</summary>
/// <param name="Id">The documentation id, as in M:System.IO.File.ReadLines(System.String).</param>
/// <param name="Summary">The summary as plain text.</param>
internal sealed record ApiMember(string Id, string Summary)
{
    /// <summary>The names in the id.</summary>
    public MemberName Name { get; } = MemberName.Parse(Id);
}
