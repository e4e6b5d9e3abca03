using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>What node2vec(..) asks for.</summary>
/// <param name="Dimension">The length of vectors.</param>
/// <param name="Length">Nodes of a walk.</param>
/// <param name="Window">How far nodes of a walk are neighbours.</param>
/// <param name="Negatives">Nodes that are drawn beside each neighbour.</param>
/// <param name="ComesBack">p: the larger, the less a walk comes back.</param>
/// <param name="GoesFar">q: the larger, the nearer a walk stays.</param>
internal sealed record GraphRecipe(
    int Dimension, int Length, int Window, int Negatives, double ComesBack, double GoesFar)
{
    /// <summary>What a recipe says; the usual where it says nothing.</summary>
    public static GraphRecipe Of(Recipe recipe) => new(
        recipe.Whole("dim", 64, 1, 1024),
        recipe.Whole("length", 40, 2, 1000),
        recipe.Whole("window", 5, 1, 100),
        recipe.Whole("negatives", 5, 1, 100),
        recipe.Number("p", 1, 0.001, 1000),
        recipe.Number("q", 1, 0.001, 1000));
}
