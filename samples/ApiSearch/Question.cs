namespace NeuroDb.Samples.ApiSearch;

/// <summary>A question of which a .NET developer knows the answer.</summary>
/// <param name="Text">The question as it would be typed.</param>
/// <param name="Answers">
/// Full names of the accepted types and members; a type stands for its members, a member for its
/// overloads.
/// </param>
internal sealed record Question(string Text, string[] Answers)
{
    /// <summary>Whether the documentation id of a member is one of the answers.</summary>
    /// <param name="id">As in M:System.IO.File.ReadLines(System.String).</param>
    public bool IsAnsweredBy(string id)
    {
        ReadOnlySpan<char> name = id.AsSpan(2);
        foreach (string answer in Answers)
        {
            if (name.StartsWith(answer, StringComparison.Ordinal)
                && (name.Length == answer.Length || name[answer.Length] is '.' or '(' or '`'))
            {
                return true;
            }
        }

        return false;
    }
}
