namespace MaeLab.Web.Access.SingleSignOn;

/// <summary>Why a provider's sign-in led to nothing, as the address of the page for signing in has it. What exactly was wrong is in web's log alone.</summary>
public enum SignInProblem
{
    Provider,
    Away,
    Refused,
    NoRole,
}

internal static class SignInProblems
{
    /// <param name="word">Of the address.</param>
    /// <returns>Null where there is none, or an unknown one.</returns>
    public static string? Sentence(string? word, string provider) => word switch
    {
        nameof(SignInProblem.Provider) => $"Signing in with {provider} did not succeed. Try again.",
        nameof(SignInProblem.Away) => $"{provider} does not answer. Try again later, or sign in with a password.",
        nameof(SignInProblem.Refused) => "This user was disabled, or is locked out for some minutes. Ask an administrator.",
        nameof(SignInProblem.NoRole) => $"{provider} does not say that you may use MaeLab. Ask an administrator.",
        _ => null,
    };
}
