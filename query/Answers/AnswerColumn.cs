namespace NeuroDb.Query;

/// <summary>A generated column that asks one version of a model.</summary>
/// <param name="Ordinal">The place of its values.</param>
/// <param name="Shown">
/// The place of the column that statements see: another one while its values are made anew.
/// </param>
/// <param name="Note">
/// The place of the note that says of each row when its value was made or asked for; -1 where all
/// values are made with their rows.
/// </param>
/// <param name="IsAsync">Whether rows are stored without a value, which comes later.</param>
/// <param name="Model">The name of the model.</param>
/// <param name="Version">The number of the version.</param>
internal sealed record AnswerColumn(
    int Ordinal, int Shown, int Note, bool IsAsync, string Model, int Version)
{
    /// <summary>Whether these values are to take the place of others.</summary>
    public bool IsNext => Ordinal != Shown;
}
