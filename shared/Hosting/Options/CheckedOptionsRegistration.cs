using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MaeLab.Hosting.Options;

public static class CheckedOptionsRegistration
{
    /// <summary>
    /// Binds <typeparamref name="T"/> to a section and checks it when the host starts. Unknown keys and values of the
    /// wrong type are problems like any other, so that a person sees all of them at once.
    /// </summary>
    public static IServiceCollection AddCheckedOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, ICheckedOptions
    {
        // The binder throws at its first mistake; kept here, it joins the other problems of the section.
        string? bindingError = null;
        services.AddOptions<T>()
            .Configure(options => bindingError = TryBind(configuration.GetSection(section), options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new Validator<T>(section, () => bindingError));
        return services;
    }

    private static string? TryBind(IConfigurationSection section, object options)
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }

    private sealed class Validator<T>(string section, Func<string?> bindingError) : IValidateOptions<T>
        where T : class, ICheckedOptions
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var problems = options.Check().Select(problem => $"{section}:{problem.Key}: {problem.Message}").ToList();
            if (bindingError() is { } error)
            {
                problems.Insert(0, $"{section}: {error}");
            }

            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
