//! What the hub's categories are called, in the reader's language.

use std::borrow::Cow;

use roadstead_hub::repos::Category;

use crate::frame::Frame;

pub fn name(frame: &Frame, category: Category) -> Cow<'static, str> {
    match category.slug {
        "api-management" => frame.t("manage-category-api-management"),
        "content-management-system" => frame.t("manage-category-content-management-system"),
        "data-science" => frame.t("manage-category-data-science"),
        "databases-and-storage" => frame.t("manage-category-databases-and-storage"),
        "developer-tools" => frame.t("manage-category-developer-tools"),
        "integration-and-delivery" => frame.t("manage-category-integration-and-delivery"),
        "internet-of-things" => frame.t("manage-category-internet-of-things"),
        "languages-and-frameworks" => frame.t("manage-category-languages-and-frameworks"),
        "machine-learning-and-ai" => frame.t("manage-category-machine-learning-and-ai"),
        "message-queues" => frame.t("manage-category-message-queues"),
        "monitoring-and-observability" => frame.t("manage-category-monitoring-and-observability"),
        "networking" => frame.t("manage-category-networking"),
        "operating-systems" => frame.t("manage-category-operating-systems"),
        "security" => frame.t("manage-category-security"),
        "web-analytics" => frame.t("manage-category-web-analytics"),
        "web-servers" => frame.t("manage-category-web-servers"),
        _ => Cow::Borrowed(category.name),
    }
}

#[cfg(test)]
mod tests {
    use roadstead_hub::repos::CATEGORIES;

    use super::*;
    use crate::words::Language;

    #[test]
    fn every_category_has_a_name_in_both_languages() {
        let english = Frame::sample("/", None);
        let chinese = Frame { language: Language::Chinese, ..english.clone() };

        for category in CATEGORIES {
            assert_eq!(name(&english, category), category.name);
            assert_ne!(name(&chinese, category), category.name);
        }
    }
}
