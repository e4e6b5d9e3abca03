namespace NeuroDb.Query;

/// <summary>ATTACK of EVALUATE MODEL: how rows are changed before they judge.</summary>
/// <param name="Method">fgsm or pgd.</param>
/// <param name="Options">How far and how often.</param>
internal sealed record ModelAttackSyntax(
    IdentifierSyntax Method, IReadOnlyList<OptionSyntax> Options) : SyntaxNode;
