namespace NeuroDb.Query;

/// <summary>The version of a model that a name means: a number, live, or the last one.</summary>
/// <param name="Number">The number of <c>m@2</c>, or 0.</param>
/// <param name="IsLatest">Whether it is <c>m@latest</c>.</param>
internal readonly record struct ModelVersionChoice(int Number, bool IsLatest)
{
    /// <summary>The live version: what a bare name and <c>m@live</c> mean.</summary>
    public static ModelVersionChoice Live => default;

    /// <summary>Whether it is the live version.</summary>
    public bool IsLive => Number == 0 && !IsLatest;

    /// <summary>The version of a number.</summary>
    public static ModelVersionChoice Of(int number) => new(number, false);

    /// <summary>As it is written: nothing, @2 or @latest.</summary>
    public override string ToString() => IsLatest ? "@latest" : Number == 0 ? "" : $"@{Number}";
}
